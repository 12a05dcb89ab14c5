import { Box } from '@mantine/core';
import type { CustomerView, MauView } from '../../client/types.gen.ts';
import { GraphWithSwitches } from './graph-with-switches.tsx';
import { useLines } from './use-lines.ts';
import { TableByRp } from './table-by-rp.tsx';
import classes from './mau-block.module.css';

export interface GraphAndTableProps {
  /** The height of the graph, in pixels. */
  readonly height: number;
  readonly mau: MauView;
  readonly view: CustomerView;
  /** Whether the data of another period is being loaded. */
  readonly isOutdated: boolean;
}

/**
 * Shows the MAU month by month, as a graph and as a table that is also the legend of the graph. Recharts is large, so
 * this component is loaded after the rest of the screen.
 */
export default function GraphAndTable({ height, mau, view, isOutdated }: GraphAndTableProps) {
  const lines = useLines(mau.rps);
  const look = isOutdated ? { 'aria-busy': true, opacity: 0.5 } : {};
  return (
    <>
      <Box className={classes['graph'] ?? ''} {...look}>
        <GraphWithSwitches height={height} mau={mau} view={view} lines={lines} />
      </Box>
      <Box className={classes['table'] ?? ''} {...look}>
        <TableByRp mau={mau} lines={lines} />
      </Box>
    </>
  );
}
