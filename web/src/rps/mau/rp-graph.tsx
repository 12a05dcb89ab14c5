import { Graph } from '../../customer/mau/graph.tsx';
import { lineStyles, totalStyle } from '../../customer/mau/line-style.tsx';

export interface RpGraphProps {
  /** The height of the graph, in pixels. */
  readonly height: number;
  readonly months: readonly string[];
  readonly rp: { readonly id: string; readonly name: string; readonly mau: readonly number[] };
}

/** Draws the MAU of one RP by month. Recharts is large, so this component is loaded after the rest of the screen. */
export default function RpGraph({ height, months, rp: { id, name, mau } }: RpGraphProps) {
  const line = { ...(lineStyles[0] ?? totalStyle), id, name, isBold: false, mau };
  return <Graph height={height} months={months} lines={[line]} levels={[]} />;
}
