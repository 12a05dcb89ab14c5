import { Group, Stack, Text } from '@mantine/core';
import { useCustomer } from '../customer/use-customer.ts';
import { OperatorContact } from '../plans/operator-contact.tsx';
import { PlansLink } from '../plans/plans-link.tsx';

/** Shows why the license does not allow something new, and the ways on: the plans, and whom to write to. */
export function LicenseRefusal({ reason }: { readonly reason: string }) {
  const license = useCustomer().data?.license;
  return (
    <Stack gap={4}>
      <Text size="sm">{reason}</Text>
      <Group gap="md">
        <PlansLink {...(license && { own: license.type })} />
        <OperatorContact />
      </Group>
    </Stack>
  );
}
