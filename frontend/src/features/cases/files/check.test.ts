import { describe, expect, it } from "vitest";
import { checkFiles as check, extensionOf, formatSize, nameOfPasted } from "./check";

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 20;
const limits = { max_file_bytes: MAX_BYTES, max_files: MAX_FILES, overdue_after_days: 3 };
const checkFiles = (chosen: readonly File[], incoming: readonly File[]) => check(chosen, incoming, limits);

const file = (name: string, size = 10, lastModified = 1): File => {
  const made = new File(["x"], name, { lastModified });
  Object.defineProperty(made, "size", { value: size });
  return made;
};

describe("files before sending", () => {
  it("takes the agreed types in any case, Cyrillic names too", () => {
    const { accepted, refused } = checkFiles(
      [],
      [file("Виписка №5.PDF"), file("фото.jpeg"), file("облік.xlsx")],
    );
    expect(accepted).toHaveLength(3);
    expect(refused).toEqual([]);
  });

  it("says for each refused file why", () => {
    const { accepted, refused } = checkFiles(
      [],
      [
        file("virus.exe"),
        file("без_розширення"),
        file("порожній.pdf", 0),
        file("великий.png", MAX_BYTES + 1),
      ],
    );
    expect(accepted).toEqual([]);
    expect(refused.map(({ name }) => name)).toEqual([
      "virus.exe",
      "без_розширення",
      "порожній.pdf",
      "великий.png",
    ]);
    expect(refused[3]?.reason).toContain("дозволено до 10\u00a0МБ");
  });

  it("takes exactly 10 MiB", () => {
    expect(checkFiles([], [file("a.pdf", MAX_BYTES)]).accepted).toHaveLength(1);
  });

  it("stops at twenty, and takes the same file once", () => {
    const chosen = Array.from({ length: MAX_FILES - 1 }, (_, index) => file(`${index.toString()}.pdf`));
    const result = checkFiles(chosen, [file("0.pdf"), file("new.pdf"), file("over.pdf")]);
    expect(result.accepted.map(({ name }) => name)).toEqual(["new.pdf"]);
    expect(result.refused.map(({ name }) => name)).toEqual(["over.pdf"]);
  });

  it("judges by the limits of the installation, and says them", () => {
    const small = { ...limits, max_file_bytes: 2 * 1024 * 1024, max_files: 1 };
    const { accepted, refused } = check([], [file("a.pdf", MAX_BYTES), file("b.pdf"), file("c.pdf")], small);
    expect(accepted.map(({ name }) => name)).toEqual(["b.pdf"]);
    expect(refused[0]?.reason).toContain("до 2\u00a0МБ");
    expect(refused[1]?.reason).toContain("до 1\u00a0файлу");
  });

  it("is not fooled by a leading dot", () => {
    expect(extensionOf(".pdf")).toBe("");
    expect(extensionOf("a.tar.PDF")).toBe("pdf");
  });

  it("shows sizes as people read them", () => {
    expect(formatSize(500)).toBe("500\u00a0Б");
    expect(formatSize(820 * 1024)).toBe("820\u00a0КБ");
    expect(formatSize(2.4 * 1024 * 1024)).toBe("2,4\u00a0МБ");
  });

  it("gives pasted pictures names that differ", () => {
    const pasted = file("image.png");
    expect(nameOfPasted(pasted, new Date("2026-11-22T10:00:00Z")).name).toBe("знімок-2026-11-22-100000.png");
    expect(nameOfPasted(file("скан.png"), new Date()).name).toBe("скан.png");
  });
});
