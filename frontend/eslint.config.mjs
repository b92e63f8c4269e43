import next from "@next/eslint-plugin-next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** pages → features → shared: a layer may import only what stands below it. */
const closed = (...patterns) => ({
  "no-restricted-imports": [
    "error",
    {
      patterns: [
        { group: patterns, message: "Layers depend downwards only: pages → features → shared." },
        {
          group: ["antd/es/*", "antd/lib/*"],
          message: "Import from antd; the bundler drops what is unused.",
        },
      ],
    },
  ],
});

export default tseslint.config(
  { ignores: ["node_modules", ".next", "out", "next-env.d.ts", "src/shared/api/schema.gen.ts"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks, "@next/next": next, "jsx-a11y": jsxA11y },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...next.configs.recommended.rules,
      ...jsxA11y.flatConfigs.recommended.rules,
      "max-lines": ["error", { max: 250 }],
      "no-console": "error",
      // Code points are what the server counts and what names are compared by.
      "@typescript-eslint/no-misused-spread": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name=/^mutate(Async)?$/][arguments.1]",
          message:
            "Callbacks of one call are dropped when the component goes first, as a dialog or an emptied list does: use mutateAsync(…).then(…).catch(…).",
        },
      ],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Sign-in and the command box put the cursor where the person came to type.
      "jsx-a11y/no-autofocus": "off",
    },
  },
  { files: ["src/shared/**"], rules: closed("@/features/*", "@/pages/*") },
  { files: ["src/features/**"], rules: closed("@/pages/*") },
  { files: ["src/pages/**"], rules: { "max-lines": ["error", { max: 60 }] } },
  {
    files: ["**/*.test.{ts,tsx}", "vitest.setup.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
);
