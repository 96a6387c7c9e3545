/** Every page and its address. Each page is loaded when it is first opened. */

import type { Route } from "./router.svelte";

export const SIGN_IN = "/sign-in";
export const FIRST_ADMINISTRATOR = "/first-administrator";

export const routes: Route[] = [
  { path: SIGN_IN, load: () => import("./pages/SignIn.svelte"), open: true, first: true },
  { path: FIRST_ADMINISTRATOR, load: () => import("./pages/FirstAdministrator.svelte"), open: true, first: true },
  { path: "/", load: () => import("./pages/Worklist.svelte"), first: true },
  { path: "/residents", load: () => import("./pages/Residents.svelte") },
  { path: "/residents/new", load: () => import("./pages/RegisterResident.svelte") },
  { path: "/residents/:id", load: () => import("./pages/Resident.svelte") },
  { path: "/residents/:id/request", load: () => import("./pages/RequestConsult.svelte") },
  { path: "/consults/:id", load: () => import("./pages/Consult.svelte") },
  { path: "/consults/:id/check", load: () => import("./pages/DeviceCheck.svelte") },
  { path: "/consults/:id/room", load: () => import("./pages/Room/Room.svelte") },
  { path: "/consults/:id/opinion", load: () => import("./pages/Opinion.svelte") },
  { path: "/ecg-reading", load: () => import("./pages/EcgReading.svelte") },
  { path: "/ecg-studies/:id", load: () => import("./pages/EcgStudy.svelte") },
  { path: "/invited", load: () => import("./pages/Invited.svelte") },
  { path: "/tapes/:id", load: () => import("./pages/Tape.svelte") },
  { path: "/settings", load: () => import("./pages/Settings.svelte") },
  { path: "/admin", load: () => import("./pages/Admin/Dashboard.svelte") },
  { path: "/admin/accounts", load: () => import("./pages/Admin/Accounts.svelte") },
  { path: "/admin/institutions", load: () => import("./pages/Admin/Institutions.svelte") },
  { path: "/admin/history", load: () => import("./pages/Admin/History.svelte") },
  { path: "/admin/audit", load: () => import("./pages/Admin/Audit.svelte") },
  { path: "/admin/archives", load: () => import("./pages/Admin/Archives.svelte") },
  { path: "/admin/emergency", load: () => import("./pages/Admin/Emergency.svelte") },
];
