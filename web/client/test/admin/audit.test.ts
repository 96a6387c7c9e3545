import { describe, expect, it } from "vitest";
import { ANY, isBackwards, searchOf } from "../../src/pages/Admin/auditSearch";

describe("a search of the audit trail", () => {
  it("asks for everything when nothing is filled in", () => {
    expect(searchOf(ANY)).toEqual({ sign_in_name: "", record_number: "", since: null, until: null, before_seq: null });
  });

  it("takes a record number written in groups", () => {
    expect(searchOf({ ...ANY, record_number: "330100 006 012 00417" }).record_number).toBe("33010000601200417");
  });

  it("sends times with their zone", () => {
    const local = "2026-11-23T10:46";
    expect(searchOf({ ...ANY, since: local }).since).toBe(new Date(local).toISOString());
  });

  it("asks for the page after the last entry seen", () => {
    expect(searchOf(ANY, 412).before_seq).toBe(412);
  });

  it("knows an end that is not after its beginning", () => {
    expect(isBackwards({ ...ANY, since: "2026-11-23T10:00", until: "2026-11-23T10:00" })).toBe(true);
    expect(isBackwards({ ...ANY, since: "2026-11-23T10:00", until: "2026-11-23T10:01" })).toBe(false);
    expect(isBackwards({ ...ANY, until: "2026-11-23T10:00" })).toBe(false);
  });
});
