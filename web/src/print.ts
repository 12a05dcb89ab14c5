import './print.css';

/** Prints in light colours with every theme, because paper is white. */
export function printInLight(): void {
  const { dataset } = document.documentElement;
  addEventListener('beforeprint', () => {
    const scheme = dataset['mantineColorScheme'];
    if (scheme === 'light') return;
    dataset['mantineColorScheme'] = 'light';
    addEventListener('afterprint', () => (dataset['mantineColorScheme'] = scheme), { once: true });
  });
}
