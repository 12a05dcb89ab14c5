import type { CustomerView, MauView } from '../client/types.gen.ts';
import { MauFigure } from './mau-figure.tsx';
import { useLines } from './mau-lines.tsx';
import { MauTable } from './mau-table.tsx';
import classes from './mau-block.module.css';

export interface MauChartProps {
  /** Of the graph, in pixels. */
  readonly height: number;
  readonly mau: MauView;
  readonly view: CustomerView;
}

/** The MAU month by month, as a graph and as a table, which is its legend. Large with Recharts: it is loaded after the rest. */
export default function MauChart({ height, mau, view }: MauChartProps) {
  const lines = useLines(mau.rps);
  return (
    <>
      <div className={classes['graph']}>
        <MauFigure height={height} mau={mau} view={view} lines={lines} />
      </div>
      <div className={classes['table']}>
        <MauTable mau={mau} lines={lines} />
      </div>
    </>
  );
}
