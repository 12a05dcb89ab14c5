import { Box } from '@mantine/core';
import type { CustomerView, MauView } from '../../client/types.gen.ts';
import { MauFigure } from './mau-figure.tsx';
import { useLines } from './mau-lines.tsx';
import { MauTable } from './mau-table.tsx';
import classes from './mau-block.module.css';

export interface MauChartProps {
  /** Of the graph, in pixels. */
  readonly height: number;
  readonly mau: MauView;
  readonly view: CustomerView;
  /** Whether others are being read in their place. */
  readonly isOutdated: boolean;
}

/** The MAU month by month, as a graph and as a table, which is its legend. Large with Recharts: it is loaded after the rest. */
export default function MauChart({ height, mau, view, isOutdated }: MauChartProps) {
  const lines = useLines(mau.rps);
  const look = isOutdated ? { 'aria-busy': true, opacity: 0.5 } : {};
  return (
    <>
      <Box className={classes['graph'] ?? ''} {...look}>
        <MauFigure height={height} mau={mau} view={view} lines={lines} />
      </Box>
      <Box className={classes['table'] ?? ''} {...look}>
        <MauTable mau={mau} lines={lines} />
      </Box>
    </>
  );
}
