// Puts ready-compressed copies beside every text file of the export and hands the whole to the Python
// package, so that the server only picks a file and never compresses on a request.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const out = fileURLToPath(new URL("../out", import.meta.url));
const target = fileURLToPath(new URL("../../ohmatdyt/web", import.meta.url));
const compressible = new Set([".html", ".js", ".css", ".json", ".svg", ".txt", ".webmanifest", ".xml"]);

function* filesIn(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

/**
 * The Content-Security-Policy allows no inline scripts, and Turbopack writes its start-up list as one.
 * Moves each into a file named by its content; `defer` keeps the order among the deferred chunks.
 */
function moveInlineScripts(html) {
  return html.replaceAll(/<script([^>]*)>([^<]+)<\/script>/g, (whole, attributes, code) => {
    if (attributes.includes("src=") || attributes.includes('type="application/json"')) return whole;
    const name = `start-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`;
    writeFileSync(join(out, "_next/static/chunks", name), code);
    return `<script src="/_next/static/chunks/${name}" defer=""></script>`;
  });
}

for (const path of filesIn(out)) {
  if (extname(path) === ".html") writeFileSync(path, moveInlineScripts(readFileSync(path, "utf8")));
}

// An open page asks now and then which build is served, to announce a newer one.
const build = readFileSync(new URL("../.next/BUILD_ID", import.meta.url), "utf8").trim();
writeFileSync(join(out, "version.json"), JSON.stringify({ build }));

// The API's documentation at /docs works without the network.
const swagger = fileURLToPath(new URL("../node_modules/swagger-ui-dist", import.meta.url));
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"])
  cpSync(join(swagger, name), join(out, "api-docs", name));

let count = 0;
for (const path of [...filesIn(out)]) {
  if (!compressible.has(extname(path))) continue;
  const body = readFileSync(path);
  if (body.length < 512) continue;
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  };
  writeFileSync(`${path}.br`, brotliCompressSync(body, options));
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  count += 1;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(out, target, { recursive: true });
process.stdout.write(`${count} files compressed, web interface copied to ohmatdyt/web\n`);
