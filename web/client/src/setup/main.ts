/** The set-up page of a station: opened on its own computer, by the address that `cloudclinic station setup` prints. */

import { mount } from "svelte";
import "../ui/tokens.css";
import "../ui/base.css";
import { language } from "../words/index.svelte";
import { SetupDoor } from "./door";
import Setup from "./Setup.svelte";

await language.ready();
await language.pages();
mount(Setup, { target: document.getElementById("app")!, props: { door: new SetupDoor(location.hash.slice(1)) } });
