import { Table, type TableProps } from '@mantine/core';
import classes from './wide-table.module.css';

export interface WideTableProps extends TableProps {
  /** A width in pixels. In less space, the table scrolls sideways, and the first column stays visible. */
  readonly minWidth: number;
  /** The accessible name of the table, or the ID of the element that names the table. */
  readonly name: { readonly 'aria-label': string } | { readonly 'aria-labelledby': string };
}

/** Shows a table that can be wider than the screen. */
export function WideTable({ minWidth, name, children, className = '', ...props }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      w="100%"
      type="native"
      className={classes['frame'] ?? ''}
      // The keyboard can focus this container, so that the arrow keys scroll the table. Only the container has the
      // accessible name, so that screen readers read the name once.
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
