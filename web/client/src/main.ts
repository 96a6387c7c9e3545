import { mount } from "svelte";
import App from "./App.svelte";
import { keepClock } from "./api/clock";
import { socket } from "./api/events";
import { followEvents } from "./api/live.svelte";
import { followEcgs } from "./ecgWaiting.svelte";
import { followHistory } from "./router.svelte";
import "./ui/tokens.css";
import "./ui/base.css";
import { language } from "./words/index.svelte";

followHistory();
followEvents();
followEcgs();
keepClock();
addEventListener("online", () => socket.status === "reconnecting" && socket.retryNow());
await language.ready();
mount(App, { target: document.getElementById("app")! });
