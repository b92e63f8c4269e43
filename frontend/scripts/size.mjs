// Fails when a page that people meet first transfers more JavaScript than product.md §8 allows.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 450;
const out = fileURLToPath(new URL("../out", import.meta.url));
let failed = false;

for (const page of ["login", "cases", "cases/new", "cases/[publicId]"]) {
  const path = join(out, `${page}.html`);
  if (!existsSync(path)) continue;
  const html = readFileSync(path, "utf8");
  const scripts = [...html.matchAll(/<script([^>]*)src="([^"]+)"([^>]*)>/g)]
    .filter(([, before, , after]) => !/nomodule/i.test(before + after))
    .map(([, , source]) => decodeURI(source));
  const bytes = [...new Set(scripts)].reduce(
    (sum, source) => sum + gzipSync(readFileSync(join(out, source)), { level: 9 }).length,
    0,
  );
  const kilobytes = Math.round(bytes / 1000);
  failed ||= kilobytes > LIMIT_KB;
  process.stdout.write(`/${page}: ${kilobytes} kB of JavaScript, gzip (limit ${LIMIT_KB})\n`);
}
process.exitCode = failed ? 1 : 0;
