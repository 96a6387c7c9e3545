// Generated from records/view_protocols.toml by scripts/generate.py. Do not edit.

import type { ViewProtocol } from "./api/types";

export type Scheme =
  | "a2c"
  | "a4c"
  | "a5c"
  | "amniotic"
  | "aorta_long"
  | "aorta_trans"
  | "bile_duct"
  | "bladder_long"
  | "bladder_trans"
  | "crl"
  | "femoral_left"
  | "femoral_right"
  | "femur"
  | "fetal_abdomen"
  | "fetal_head"
  | "fetal_heart"
  | "gallbladder_long"
  | "gallbladder_trans"
  | "iliacs"
  | "ivc"
  | "kidney_long"
  | "kidney_trans"
  | "liver_kidney"
  | "liver_left"
  | "lung"
  | "lung_base"
  | "m_mode"
  | "neck_nodes_left"
  | "neck_nodes_right"
  | "ovary"
  | "placenta"
  | "plax"
  | "popliteal"
  | "psax_apex"
  | "psax_mitral"
  | "psax_papillary"
  | "spine"
  | "spleen_kidney"
  | "subcostal_heart"
  | "thyroid_isthmus"
  | "thyroid_long"
  | "thyroid_trans_left"
  | "thyroid_trans_right"
  | "uterus"
  | "yolk_sac";

export type Outline = "front" | "back" | "legs_back";

export interface PlacedView {
  code: string;
  body: Outline;
  at: [number, number];
  hour: number;
  scheme: Scheme;
}

export const VIEW_PROTOCOLS: Record<ViewProtocol, { source: string; views: PlacedView[] }> = {
  fast: {
    source: "Richards and McGahan 2017, Radiology 283:30",
    views: [
      { code: "ruq", body: "front", at: [24, 72], hour: 12, scheme: "liver_kidney" },
      { code: "luq", body: "front", at: [77, 68], hour: 12, scheme: "spleen_kidney" },
      { code: "pelvis_long", body: "front", at: [50, 121], hour: 12, scheme: "bladder_long" },
      { code: "pelvis_trans", body: "front", at: [50, 121], hour: 9, scheme: "bladder_trans" },
      { code: "subxiphoid", body: "front", at: [50, 69], hour: 9, scheme: "subcostal_heart" },
    ],
  },
  efast: {
    source: "Kirkpatrick et al. 2004, J Trauma 57:288",
    views: [
      { code: "ruq", body: "front", at: [24, 72], hour: 12, scheme: "liver_kidney" },
      { code: "luq", body: "front", at: [77, 68], hour: 12, scheme: "spleen_kidney" },
      { code: "pelvis_long", body: "front", at: [50, 121], hour: 12, scheme: "bladder_long" },
      { code: "pelvis_trans", body: "front", at: [50, 121], hour: 9, scheme: "bladder_trans" },
      { code: "subxiphoid", body: "front", at: [50, 69], hour: 9, scheme: "subcostal_heart" },
      { code: "lung_right", body: "front", at: [36, 40], hour: 12, scheme: "lung" },
      { code: "lung_left", body: "front", at: [64, 40], hour: 12, scheme: "lung" },
    ],
  },
  echo: {
    source: "Spencer et al. 2013, J Am Soc Echocardiogr 26:567",
    views: [
      { code: "plax", body: "front", at: [57, 50], hour: 10, scheme: "plax" },
      { code: "psax_mitral", body: "front", at: [57, 51], hour: 2, scheme: "psax_mitral" },
      { code: "psax_papillary", body: "front", at: [58, 53], hour: 2, scheme: "psax_papillary" },
      { code: "psax_apex", body: "front", at: [61, 57], hour: 2, scheme: "psax_apex" },
      { code: "a4c", body: "front", at: [70, 62], hour: 3, scheme: "a4c" },
      { code: "a5c", body: "front", at: [70, 61], hour: 3, scheme: "a5c" },
      { code: "a2c", body: "front", at: [70, 62], hour: 1, scheme: "a2c" },
      { code: "sub4c", body: "front", at: [50, 69], hour: 3, scheme: "subcostal_heart" },
      { code: "ivc", body: "front", at: [50, 71], hour: 12, scheme: "ivc" },
    ],
  },
  lung8: {
    source: "Volpicelli et al. 2012, Intensive Care Med 38:577",
    views: [
      { code: "r_ant_up", body: "front", at: [37, 40], hour: 12, scheme: "lung" },
      { code: "r_ant_low", body: "front", at: [36, 57], hour: 12, scheme: "lung" },
      { code: "r_lat_up", body: "front", at: [25, 46], hour: 12, scheme: "lung" },
      { code: "r_lat_low", body: "front", at: [24, 66], hour: 12, scheme: "lung_base" },
      { code: "l_ant_up", body: "front", at: [63, 40], hour: 12, scheme: "lung" },
      { code: "l_ant_low", body: "front", at: [64, 57], hour: 12, scheme: "lung" },
      { code: "l_lat_up", body: "front", at: [75, 46], hour: 12, scheme: "lung" },
      { code: "l_lat_low", body: "front", at: [76, 66], hour: 12, scheme: "lung_base" },
    ],
  },
  lung12: {
    source: "Volpicelli et al. 2012, Intensive Care Med 38:577; Mongodi et al. 2021, Anesthesiology 134:949",
    views: [
      { code: "r_ant_up", body: "front", at: [37, 40], hour: 12, scheme: "lung" },
      { code: "r_ant_low", body: "front", at: [36, 57], hour: 12, scheme: "lung" },
      { code: "r_lat_up", body: "front", at: [25, 46], hour: 12, scheme: "lung" },
      { code: "r_lat_low", body: "front", at: [24, 66], hour: 12, scheme: "lung_base" },
      { code: "l_ant_up", body: "front", at: [63, 40], hour: 12, scheme: "lung" },
      { code: "l_ant_low", body: "front", at: [64, 57], hour: 12, scheme: "lung" },
      { code: "l_lat_up", body: "front", at: [75, 46], hour: 12, scheme: "lung" },
      { code: "l_lat_low", body: "front", at: [76, 66], hour: 12, scheme: "lung_base" },
      { code: "r_post_up", body: "back", at: [63, 42], hour: 12, scheme: "lung" },
      { code: "r_post_low", body: "back", at: [63, 64], hour: 12, scheme: "lung_base" },
      { code: "l_post_up", body: "back", at: [37, 42], hour: 12, scheme: "lung" },
      { code: "l_post_low", body: "back", at: [37, 64], hour: 12, scheme: "lung_base" },
    ],
  },
  aaa: {
    source: "AIUM practice parameter, diagnostic and screening ultrasound of the abdominal aorta",
    views: [
      { code: "prox_trans", body: "front", at: [50, 73], hour: 9, scheme: "aorta_trans" },
      { code: "mid_trans", body: "front", at: [50, 82], hour: 9, scheme: "aorta_trans" },
      { code: "dist_trans", body: "front", at: [50, 91], hour: 9, scheme: "aorta_trans" },
      { code: "bifurcation", body: "front", at: [50, 97], hour: 9, scheme: "iliacs" },
      { code: "long", body: "front", at: [50, 82], hour: 12, scheme: "aorta_long" },
    ],
  },
  dvt: {
    source: "Needleman et al. 2018, Circulation 137:1505",
    views: [
      { code: "r_femoral", body: "front", at: [40, 128], hour: 9, scheme: "femoral_right" },
      { code: "r_popliteal", body: "legs_back", at: [63, 72], hour: 9, scheme: "popliteal" },
      { code: "l_femoral", body: "front", at: [60, 128], hour: 9, scheme: "femoral_left" },
      { code: "l_popliteal", body: "legs_back", at: [37, 72], hour: 9, scheme: "popliteal" },
    ],
  },
  ob_first: {
    source: "ISUOG practice guidelines 2013, Ultrasound Obstet Gynecol 41:102",
    views: [
      { code: "uterus_long", body: "front", at: [50, 119], hour: 12, scheme: "uterus" },
      { code: "uterus_trans", body: "front", at: [50, 119], hour: 9, scheme: "uterus" },
      { code: "yolk_sac", body: "front", at: [50, 119], hour: 12, scheme: "yolk_sac" },
      { code: "crl", body: "front", at: [50, 119], hour: 9, scheme: "crl" },
      { code: "heart_m", body: "front", at: [50, 119], hour: 9, scheme: "m_mode" },
      { code: "adnexa_right", body: "front", at: [42, 119], hour: 12, scheme: "ovary" },
      { code: "adnexa_left", body: "front", at: [58, 119], hour: 12, scheme: "ovary" },
    ],
  },
  ob_later: {
    source: "ISUOG practice guidelines 2022, Ultrasound Obstet Gynecol 59:840; 2019, 53:715",
    views: [
      { code: "head", body: "front", at: [50, 112], hour: 9, scheme: "fetal_head" },
      { code: "abdomen", body: "front", at: [50, 98], hour: 9, scheme: "fetal_abdomen" },
      { code: "femur", body: "front", at: [56, 104], hour: 12, scheme: "femur" },
      { code: "heart", body: "front", at: [50, 98], hour: 9, scheme: "fetal_heart" },
      { code: "spine", body: "front", at: [50, 104], hour: 12, scheme: "spine" },
      { code: "placenta", body: "front", at: [50, 108], hour: 12, scheme: "placenta" },
      { code: "fluid", body: "front", at: [44, 92], hour: 12, scheme: "amniotic" },
      { code: "presentation", body: "front", at: [50, 118], hour: 9, scheme: "fetal_head" },
    ],
  },
  thyroid: {
    source: "AIUM practice parameter, ultrasound of the extracranial head and neck",
    views: [
      { code: "r_trans", body: "front", at: [46.5, 17], hour: 9, scheme: "thyroid_trans_right" },
      { code: "r_long", body: "front", at: [46.5, 17], hour: 12, scheme: "thyroid_long" },
      { code: "l_trans", body: "front", at: [53.5, 17], hour: 9, scheme: "thyroid_trans_left" },
      { code: "l_long", body: "front", at: [53.5, 17], hour: 12, scheme: "thyroid_long" },
      { code: "isthmus", body: "front", at: [50, 18], hour: 9, scheme: "thyroid_isthmus" },
      { code: "r_nodes", body: "front", at: [43, 14], hour: 9, scheme: "neck_nodes_right" },
      { code: "l_nodes", body: "front", at: [57, 14], hour: 9, scheme: "neck_nodes_left" },
    ],
  },
  biliary: {
    source: "AIUM practice parameter, ultrasound of the abdomen and retroperitoneum",
    views: [
      { code: "gb_long", body: "front", at: [38, 78], hour: 12, scheme: "gallbladder_long" },
      { code: "gb_trans", body: "front", at: [38, 78], hour: 9, scheme: "gallbladder_trans" },
      { code: "gb_left_side", body: "front", at: [36, 78], hour: 12, scheme: "gallbladder_long" },
      { code: "bile_duct", body: "front", at: [42, 74], hour: 10, scheme: "bile_duct" },
      { code: "liver_right", body: "front", at: [26, 72], hour: 12, scheme: "liver_kidney" },
      { code: "liver_left", body: "front", at: [50, 72], hour: 12, scheme: "liver_left" },
    ],
  },
  renal: {
    source: "AIUM practice parameter, ultrasound of the abdomen and retroperitoneum",
    views: [
      { code: "r_long", body: "front", at: [23, 84], hour: 12, scheme: "kidney_long" },
      { code: "r_trans", body: "front", at: [23, 84], hour: 9, scheme: "kidney_trans" },
      { code: "l_long", body: "front", at: [77, 82], hour: 12, scheme: "kidney_long" },
      { code: "l_trans", body: "front", at: [77, 82], hour: 9, scheme: "kidney_trans" },
      { code: "bladder_long", body: "front", at: [50, 121], hour: 12, scheme: "bladder_long" },
      { code: "bladder_trans", body: "front", at: [50, 121], hour: 9, scheme: "bladder_trans" },
    ],
  },
};
