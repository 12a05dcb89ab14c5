export function LicenseBlock() {
  return null;
}
