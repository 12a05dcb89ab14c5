import './print.css';

/** Makes the browser print the page in light colours even if the theme is dark, because paper is white. */
export function printInLight(): void {
  const { dataset } = document.documentElement;
  addEventListener('beforeprint', () => {
    const scheme = dataset['mantineColorScheme'];
    if (scheme === 'light') return;
    dataset['mantineColorScheme'] = 'light';
    addEventListener('afterprint', () => (dataset['mantineColorScheme'] = scheme), { once: true });
  });
}
