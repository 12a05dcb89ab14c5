import { Badge, Box, Button, Table, Text } from '@mantine/core';
import type { Statement } from '../../client/types.gen.ts';
import { useText } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { ActiveUsersButton } from '../mau/active-users-button.tsx';
import { useCustomer } from '../use-customer.ts';
import { areUsersKept } from './months.ts';
import { texts } from './texts.ts';

export interface RpsButtonProps {
  readonly statement: Statement;
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  /** The ID of the element that the button shows and hides. */
  readonly controls: string;
}

/** Shows the button that shows and hides the MAU of each RP. */
export function RpsButton({ statement, isOpen, setIsOpen, controls }: RpsButtonProps) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Button
      size="compact-sm"
      variant="default"
      rightSection={<span aria-hidden>{isOpen ? '▴' : '▾'}</span>}
      aria-expanded={isOpen}
      aria-controls={controls}
      aria-label={text.rpsOf(format.month(statement.month))}
      onClick={() => {
        setIsOpen(!isOpen);
      }}
    >
      {text.rps}
    </Button>
  );
}

export interface RpsOfStatementProps {
  readonly statement: Statement;
  /** Whether to show how many users were measured and reported. */
  readonly hasMeasured: boolean;
}

/** Shows the MAU of each RP in a closed month, and the button that downloads the active users. */
export function RpsOfStatement({ statement: { month, rps }, hasMeasured }: RpsOfStatementProps) {
  const text = useText(texts);
  const format = useFormat();
  if (rps.length === 0) return <Text size="sm">{text.nobody}</Text>;
  return (
    <>
      <Table aria-label={text.rpsOf(format.month(month))} withRowBorders={false} w="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.rp}</Table.Th>
            <Table.Th ta="right">{text.mau}</Table.Th>
            {hasMeasured && (
              <>
                <Table.Th ta="right">{text.measured}</Table.Th>
                <Table.Th ta="right">{text.reported}</Table.Th>
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rps.map((rp) => (
            <Table.Tr key={rp.id}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                {rp.name} ({rp.rpId}){' '}
                {rp.removed && (
                  <Badge size="sm" variant="default" tt="none">
                    {text.removed}
                  </Badge>
                )}
              </Table.Th>
              <Table.Td ta="right">{format.number(rp.mau)}</Table.Td>
              {hasMeasured && <Sources counts={rp} />}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ActiveUsersOf month={month} />
    </>
  );
}

/** Shows two table cells: how many active users were measured, and how many were reported. */
export function Sources({ counts: { mau, measured } }: { readonly counts: Pick<Statement, 'mau' | 'measured'> }) {
  const format = useFormat();
  return (
    <>
      <Table.Td ta="right">{format.number(measured)}</Table.Td>
      <Table.Td ta="right">{format.number(mau - measured)}</Table.Td>
    </>
  );
}

/**
 * Shows the button that downloads the active users of a closed month, or a text if the service no longer keeps them.
 */
function ActiveUsersOf({ month }: { readonly month: string }) {
  const text = useText(texts);
  const { data: view } = useCustomer();
  if (!view) return null;
  return (
    <Box p="xs">
      {areUsersKept(month, view.month.month) ? (
        <ActiveUsersButton month={month} />
      ) : (
        <Text size="sm">{text.notKept}</Text>
      )}
    </Box>
  );
}
