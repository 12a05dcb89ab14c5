import { isIPv4, isIPv6 } from 'node:net';

/**
 * Returns the network of an IP address, as text: the /24 network of an IPv4 address or the /48 network of an IPv6
 * address. An internet provider often gives one customer a whole /48 network. An IPv4 address that is written as an
 * IPv6 address, such as `::ffff:192.0.2.1`, counts as IPv4. Returns a text that is no IP address unchanged.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return ipv4NetworkOf(address.split('.').map(Number));
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return ipv4NetworkOf(groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]));
  return `${groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':')}::/48`;
}

const ipv4NetworkOf = (bytes: readonly number[]) => `${bytes.slice(0, 3).join('.')}.0/24`;

/** Returns the eight 16-bit groups of an IPv6 address. `::` stands for as many zeros as are missing. */
function groupsOf(address: string): number[] {
  const [withoutZone = ''] = address.split('%', 1);
  // The last two groups may be written like an IPv4 address.
  const hexadecimal = withoutZone.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = [], tail = []] = hexadecimal
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}
