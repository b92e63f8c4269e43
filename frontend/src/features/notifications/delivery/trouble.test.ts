import { describe, expect, it } from "vitest";
import { troubleOf } from "./trouble";

describe("troubleOf", () => {
  it.each([
    ["RCPT: 550 5.1.1", "Такої поштової скриньки немає або вона не приймає листів (RCPT: 550 5.1.1)"],
    ["RCPT: 450 4.7.1", "Сервер отримувача просить спробувати пізніше (RCPT: 450 4.7.1)"],
    ["CONNECT: timeout", "Поштовий сервер не відповідає (CONNECT: timeout)"],
    ["CONNECT: 535 5.7.8", "Поштовий сервер не прийняв логін або пароль (CONNECT: 535 5.7.8)"],
    [
      "CONNECT: SSLCertVerificationError",
      "Не довіряємо сертифікату поштового сервера (CONNECT: SSLCertVerificationError)",
    ],
    ["CONNECT: SMTPConnectError", "Не вдалося з’єднатися з поштовим сервером (CONNECT: SMTPConnectError)"],
    ["DATA: 552 5.2.2", "Скринька отримувача переповнена (DATA: 552 5.2.2)"],
    ["DATA: 554", "Поштовий сервер відхилив лист (DATA: 554)"],
    [
      "DATA: SMTPServerDisconnected",
      "З’єднання з поштовим сервером обірвалося (DATA: SMTPServerDisconnected)",
    ],
    ["recipient inactive", "Отримувача деактивовано"],
    ["something new", "something new"],
  ])("says %s in words", (raw, words) => {
    expect(troubleOf(raw)).toBe(words);
  });
});
