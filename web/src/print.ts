import './print.css';

/** Paper is white: it is printed in light colours, whatever the screen's are. */
export function printInLight(): void {
  const { dataset } = document.documentElement;
  addEventListener('beforeprint', () => {
    const scheme = dataset['mantineColorScheme'];
    if (scheme === 'light') return;
    dataset['mantineColorScheme'] = 'light';
    addEventListener('afterprint', () => (dataset['mantineColorScheme'] = scheme), { once: true });
  });
}
