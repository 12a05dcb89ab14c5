import 'swagger-ui-dist/swagger-ui.css';
import './reference.css';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

/**
 * Shows the OpenAPI document of this stage. The page sends no requests to the routes: a developer would have to paste
 * an API key into a browser, and an API key belongs on a server.
 */
SwaggerUI({
  dom_id: '#reference',
  url: '/v1/openapi.json',
  deepLinking: true,
  displayOperationId: false,
  // Without a value, Swagger UI sends the document to a public validator.
  validatorUrl: null,
  supportedSubmitMethods: [],
  defaultModelsExpandDepth: 0,
});
