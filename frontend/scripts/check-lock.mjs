// What stands in node_modules is what package-lock.json names, to the hash. `npm ci` would promise that, but it refuses
// a lock without the native parts of every other platform, and some registries do not carry those.
import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const { packages: locked } = read("package-lock.json");
const { packages: installed } = read("node_modules/.package-lock.json");
const { dependencies, devDependencies } = read("package.json");

const strangers = Object.entries(installed)
  .filter(([path, found]) => {
    const wanted = locked[path];
    return wanted?.version !== found.version || wanted.integrity !== found.integrity;
  })
  .map(([path, found]) => `${path}@${found.version}`);
// A package.json that asks for more than its lock holds would be met from the registry of the day.
const own = JSON.stringify([locked[""].dependencies, locked[""].devDependencies]);
if (own !== JSON.stringify([dependencies, devDependencies])) strangers.push("package.json");

if (strangers.length > 0) {
  console.error(`package-lock.json does not name what was installed: ${strangers.join(", ")}`);
  process.exit(1);
}
