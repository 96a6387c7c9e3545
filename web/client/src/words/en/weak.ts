import type { weak as zh } from "../zh/weak";

export const weak: typeof zh = {
  own: (what: string) => `Your line has narrowed: ${what}`,
  station: (what: string) => `The station's line has narrowed: ${what}`,
  over: "The line is back; nothing is left out any more",
  facesOnly: "faces off, ultrasound clear",
  what: {
    faces: "faces off",
    ultrasound_frames: "some ultrasound frames are not shown",
    ultrasound_coarse: "ultrasound less sharp",
    ultrasound_cropped: "only the sector is sent, text and scale around it are not shown",
    ultrasound_small: "ultrasound is sent smaller",
  },
  faceOff: "Your line has narrowed: faces off, ECG and voices go first",
  notSent: "not sent",
  misplaced: "Where this picture lies in the captured one is not known: no pointer now",
  givenUp: (what: string) => `Given up for the line: ${what}`,
};
