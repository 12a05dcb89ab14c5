export function StatementsBlock() {
  return null;
}
