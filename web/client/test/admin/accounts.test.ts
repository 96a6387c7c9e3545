import { describe, expect, it } from "vitest";
import type { Account, AccountMade } from "../../src/api/types";
import { EVERY, fits } from "../../src/pages/Admin/filter";
import { decoded, faultText, NotUtf8Error, passwordsCsv } from "../../src/pages/Admin/importing";
import { admin as en } from "../../src/words/en/admin";
import { admin as zh } from "../../src/words/zh/admin";

const CHEN: Account = {
  id: "a1",
  sign_in_name: "chen.li",
  display_name: "陈立",
  role: "specialist",
  institution_id: "h1",
  department_id: null,
  title: "主任医师",
  specialties: ["cardiology"],
  languages: ["zh"],
  disabled: false,
  device_check: null,
  presence: "available",
  encoder: null,
};

describe("the account filter", () => {
  it("finds by part of a name, in any case", () => {
    expect(fits(CHEN, { ...EVERY, text: " CHEN" })).toBe(true);
    expect(fits(CHEN, { ...EVERY, text: "陈" })).toBe(true);
    expect(fits(CHEN, { ...EVERY, text: "zhou" })).toBe(false);
  });

  it("wants all that is chosen to agree", () => {
    expect(fits(CHEN, { ...EVERY, role: "specialist", institution_id: "h1", state: "active" })).toBe(true);
    expect(fits(CHEN, { ...EVERY, role: "specialist", institution_id: "h2" })).toBe(false);
    expect(fits(CHEN, { ...EVERY, state: "disabled" })).toBe(false);
  });
});

describe("a file of accounts", () => {
  it("is read as UTF-8 and refused in another encoding", () => {
    expect(decoded(new TextEncoder().encode("陈立").buffer as ArrayBuffer)).toBe("陈立");
    expect(() => decoded(new Uint8Array([0xb3, 0xc2, 0xc1, 0xa2]).buffer)).toThrow(NotUtf8Error); // 陈立 in GBK
  });

  it("has its faults in the reader's language", () => {
    expect(faultText("sign_in_name: taken", zh.importing)).toBe("登录名: 已被占用");
    expect(faultText("sign_in_name: taken", en.importing)).toBe("Sign-in name: is taken");
    expect(faultText("role: one of nurse, station", en.importing)).toBe("Role: must be one of nurse, station");
    expect(faultText("languages: some of zh, en, with ; between", zh.importing)).toBe("语言: 只能是 zh, en，多个用分号隔开");
    expect(faultText("501 rows; 1 to 500 at once", en.importing)).toBe("501 rows; 1 to 500 at once");
    expect(faultText("not CSV: 3 columns, the header has 8", zh.importing)).toBe("这一行有 3 列，列名有 8 个");
  });

  it("keeps a fault it does not know as the server wrote it", () => {
    expect(faultText("something new", zh.importing)).toBe("something new");
  });
});

describe("the list of one-time passwords", () => {
  const made = (account: Partial<Account>, password: string): AccountMade => ({ account: { ...CHEN, ...account }, password });

  it("leaves out stations, which have none", () => {
    expect(passwordsCsv([made({}, "abcd-efgh"), made({ role: "station" }, "")])).toBe(
      "\ufeffsign_in_name,display_name,password\r\nchen.li,陈立,abcd-efgh\r\n",
    );
  });

  it("gives a spreadsheet no formula to run and breaks no line", () => {
    const csv = passwordsCsv([made({ display_name: '=1+1, "x"' }, "abcd")]);
    expect(csv).toContain(`chen.li,"'=1+1, ""x""",abcd`);
  });
});
