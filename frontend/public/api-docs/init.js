// The content security policy allows no inline script, so the start of the API's documentation is a file.
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  persistAuthorization: false,
  // The online validator would send the contract to a stranger.
  validatorUrl: null,
});
