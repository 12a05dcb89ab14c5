/**
 * The style of a line in the graph. Lines differ in colour and, for readers who cannot tell colours apart, in the shape
 * of their points.
 */
export interface LineStyle {
  /** A CSS colour with a contrast of at least 3 on the backgrounds of both themes. */
  readonly color: string;
  /** The shape of the points: an SVG path around 0,0. */
  readonly marker: string;
}

/**
 * The maximum number of RPs that have a line in the graph at the same time. Readers could not tell more lines apart.
 */
export const MAX_LINES = 20;

const CIRCLE = 'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0';
const colors = ['blue-7', 'orange-8', 'teal-8', 'grape-6', 'lime-9', 'pink-7', 'violet-5', 'cyan-8'];
/**
 * The number of markers is the number of colours minus 1, so that two lines with the same colour have different
 * markers.
 */
const markers = [
  CIRCLE,
  'M-3.6,-3.6h7.2v7.2h-7.2z', // square
  'M0,-5L4.8,3.5H-4.8z', // triangle
  'M0,-5.2L5.2,0L0,5.2L-5.2,0z', // diamond
  'M-1.5,-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z', // cross
  'M0,5L4.8,-3.5H-4.8z', // triangle upside down
  'M-5,-2h10v4h-10z', // bar
];
/** The styles that RPs' lines can have. */
export const lineStyles = Array.from({ length: MAX_LINES }, (_, index): LineStyle => {
  const color = colors[index % colors.length] ?? '';
  return { color: `var(--mantine-color-${color})`, marker: markers[index % markers.length] ?? CIRCLE };
});
export const totalStyle: LineStyle = { color: 'var(--mantine-color-text)', marker: CIRCLE };

/** Draws a point of a line. The point of the month in progress is hollow. */
export function Marker({ color, marker, isHollow = false }: LineStyle & { readonly isHollow?: boolean }) {
  return <path d={marker} stroke={color} strokeWidth={1.5} fill={isHollow ? 'var(--mantine-color-body)' : color} />;
}

/** Draws a short sample of a line with a point, for the legend. */
export function LineSign({ isHollow = false, ...style }: LineStyle & { readonly isHollow?: boolean }) {
  return (
    <svg width={24} height={20} viewBox="-12 -10 24 20" style={{ flexShrink: 0 }} aria-hidden>
      <path d="M-12,0h24" stroke={style.color} strokeWidth={2} />
      <Marker {...style} isHollow={isHollow} />
    </svg>
  );
}
