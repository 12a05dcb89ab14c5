import { Table, type TableProps } from '@mantine/core';
import classes from './wide-table.module.css';

export interface WideTableProps extends TableProps {
  /** In pixels. On a narrower screen, the table scrolls in its place while the first column stays visible. */
  readonly minWidth: number;
  /** The accessible name, or the ID of the element that names the table. */
  readonly name: { readonly 'aria-label': string } | { readonly 'aria-labelledby': string };
}

/** A table that can be wider than the screen. */
export function WideTable({ minWidth, name, children, className = '', ...props }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      w="100%"
      type="native"
      className={classes['frame'] ?? ''}
      // The keyboard can focus the container to scroll it. The container has the name, so that screen readers read it
      // only once.
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
