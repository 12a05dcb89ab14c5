import type { MauView } from '../../client/types.gen.ts';
import { mauOfRp } from '../../customer/mau/gaps.ts';
import { Graph } from '../../customer/mau/graph.tsx';
import { lineStyles, totalStyle } from '../../customer/mau/line-style.tsx';

export interface RpGraphProps {
  /** The height of the graph, in pixels. */
  readonly height: number;
  readonly months: readonly string[];
  readonly rp: MauView['rps'][number];
}

/** Draws the MAU of one RP by month. Recharts is large, so this component is loaded after the rest of the screen. */
export default function RpGraph({ height, months, rp }: RpGraphProps) {
  const line = { ...(lineStyles[0] ?? totalStyle), id: rp.id, name: rp.name, isBold: false, mau: mauOfRp(months, rp) };
  return <Graph height={height} months={months} lines={[line]} expected={null} levels={[]} />;
}
