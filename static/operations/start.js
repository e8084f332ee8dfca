// Swagger UI draws the OpenAPI document into the page.
const place = document.getElementById("api-docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
