/** The parts of Swagger UI that the page uses. The package has no types. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  const show: (options: Readonly<Record<string, unknown>>) => void;
  export default show;
}
