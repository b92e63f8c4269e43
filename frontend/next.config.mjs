// `make dev` sets the address of the API; the server of Next.js then passes calls on to it. The build is a
// plain export: there is no Node at run time.
const api = process.env.API_ORIGIN;
const passed = ["/api/:path*", "/auth/:path*", "/healthz"];

/** @type {import("next").NextConfig} */
const config = {
  ...(api
    ? { rewrites: () => passed.map((source) => ({ source, destination: `${api}${source}` })) }
    : { output: "export" }),
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
};

export default config;
