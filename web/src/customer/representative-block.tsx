export function RepresentativeBlock() {
  return null;
}
