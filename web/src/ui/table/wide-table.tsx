import { Table, type TableProps } from '@mantine/core';
import classes from './wide-table.module.css';

export interface WideTableProps extends TableProps {
  /** In pixels: on a narrower screen it is scrolled in its place, the first column staying in sight. */
  readonly minWidth: number;
  /** What it is called, or what names it. */
  readonly name: { readonly 'aria-label': string } | { readonly 'aria-labelledby': string };
}

/** A table that may be wider than the screen. */
export function WideTable({ minWidth, name, children, className = '', ...props }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      w="100%"
      type="native"
      className={classes['frame'] ?? ''}
      // Within reach of the keyboard, which scrolls it. It has the name that the table would say once more.
      tabIndex={0}
      role="group"
      {...name}
    >
      <Table {...props} className={`${classes['table'] ?? ''} ${className}`}>
        {children}
      </Table>
    </Table.ScrollContainer>
  );
}
