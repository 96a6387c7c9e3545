// Generated from records/view_protocols.toml by scripts/generate.py. Do not edit.

import type { viewProtocols as zh } from "../zh/viewProtocols";

export const viewProtocols: typeof zh = {
  fast: {
    name: "FAST",
    views: {
      ruq: { name: "Right upper quadrant", look: "Dark stripe between liver and kidney; see the liver tip" },
      luq: { name: "Left upper quadrant", look: "Dark stripe below the diaphragm and around the spleen" },
      pelvis_long: { name: "Pelvis, sagittal", look: "Free fluid behind the bladder" },
      pelvis_trans: { name: "Pelvis, transverse", look: "Free fluid beside and behind the bladder" },
      subxiphoid: { name: "Subxiphoid", look: "Dark band around the heart" },
    },
  },
  efast: {
    name: "eFAST",
    views: {
      ruq: { name: "Right upper quadrant", look: "Dark stripe between liver and kidney; see the liver tip" },
      luq: { name: "Left upper quadrant", look: "Dark stripe below the diaphragm and around the spleen" },
      pelvis_long: { name: "Pelvis, sagittal", look: "Free fluid behind the bladder" },
      pelvis_trans: { name: "Pelvis, transverse", look: "Free fluid beside and behind the bladder" },
      subxiphoid: { name: "Subxiphoid", look: "Dark band around the heart" },
      lung_right: { name: "Right lung", look: "Sliding of the pleural line" },
      lung_left: { name: "Left lung", look: "Sliding of the pleural line" },
    },
  },
  echo: {
    name: "Focused echo",
    views: {
      plax: { name: "Parasternal long axis", look: "Left ventricle, mitral and aortic valve in one plane" },
      psax_mitral: { name: "Short axis, mitral valve", look: "Mitral valve as a fish mouth" },
      psax_papillary: { name: "Short axis, papillary muscles", look: "Round ventricle, both papillary muscles" },
      psax_apex: { name: "Short axis, apex", look: "Wall motion of the apex" },
      a4c: { name: "Apical four-chamber", look: "Four chambers, the septum in the middle" },
      a5c: { name: "Apical five-chamber", look: "Four chambers and the outflow tract" },
      a2c: { name: "Apical two-chamber", look: "Left ventricle and atrium, no right heart" },
      sub4c: { name: "Subcostal four-chamber", look: "Free wall of the right ventricle, pericardium" },
      ivc: { name: "Inferior vena cava", look: "Diameter and its change with breathing" },
    },
  },
  lung8: {
    name: "Lung, 8 zones",
    views: {
      r_ant_up: { name: "Right anterior upper", look: "Sliding, A lines, B lines" },
      r_ant_low: { name: "Right anterior lower", look: "Sliding, A lines, B lines" },
      r_lat_up: { name: "Right lateral upper", look: "B lines, consolidation" },
      r_lat_low: { name: "Right lateral lower", look: "Effusion, consolidation" },
      l_ant_up: { name: "Left anterior upper", look: "Sliding, A lines, B lines" },
      l_ant_low: { name: "Left anterior lower", look: "Sliding, A lines, B lines" },
      l_lat_up: { name: "Left lateral upper", look: "B lines, consolidation" },
      l_lat_low: { name: "Left lateral lower", look: "Effusion, consolidation" },
    },
  },
  lung12: {
    name: "Lung, 12 zones",
    views: {
      r_ant_up: { name: "Right anterior upper", look: "Sliding, A lines, B lines" },
      r_ant_low: { name: "Right anterior lower", look: "Sliding, A lines, B lines" },
      r_lat_up: { name: "Right lateral upper", look: "B lines, consolidation" },
      r_lat_low: { name: "Right lateral lower", look: "Effusion, consolidation" },
      l_ant_up: { name: "Left anterior upper", look: "Sliding, A lines, B lines" },
      l_ant_low: { name: "Left anterior lower", look: "Sliding, A lines, B lines" },
      l_lat_up: { name: "Left lateral upper", look: "B lines, consolidation" },
      l_lat_low: { name: "Left lateral lower", look: "Effusion, consolidation" },
      r_post_up: { name: "Right posterior upper", look: "B lines, consolidation" },
      r_post_low: { name: "Right posterior lower", look: "Effusion, consolidation" },
      l_post_up: { name: "Left posterior upper", look: "B lines, consolidation" },
      l_post_low: { name: "Left posterior lower", look: "Effusion, consolidation" },
    },
  },
  aaa: {
    name: "Abdominal aorta",
    views: {
      prox_trans: { name: "Proximal, transverse", look: "Front to back, outer edge to outer edge" },
      mid_trans: { name: "Middle, transverse", look: "Front to back, outer edge to outer edge" },
      dist_trans: { name: "Distal, transverse", look: "Front to back, outer edge to outer edge" },
      bifurcation: { name: "Bifurcation, common iliacs", look: "Both common iliac arteries" },
      long: { name: "Longitudinal", look: "Any widening along its course" },
    },
  },
  dvt: {
    name: "Leg veins, two-point compression",
    views: {
      r_femoral: { name: "Right common femoral", look: "Closes wholly when compressed" },
      r_popliteal: { name: "Right popliteal", look: "Closes wholly when compressed" },
      l_femoral: { name: "Left common femoral", look: "Closes wholly when compressed" },
      l_popliteal: { name: "Left popliteal", look: "Closes wholly when compressed" },
    },
  },
  ob_first: {
    name: "Obstetric, first trimester",
    views: {
      uterus_long: { name: "Uterus, sagittal", look: "Gestational sac inside the uterus" },
      uterus_trans: { name: "Uterus, transverse", look: "How many sacs" },
      yolk_sac: { name: "Yolk sac", look: "Yolk sac inside the sac" },
      crl: { name: "Crown-rump length", look: "Midsagittal, neutral position" },
      heart_m: { name: "Heart rate, M mode", look: "M mode, no pulsed Doppler" },
      adnexa_right: { name: "Right adnexa", look: "Mass, free fluid" },
      adnexa_left: { name: "Left adnexa", look: "Mass, free fluid" },
    },
  },
  ob_later: {
    name: "Obstetric, second and third trimester",
    views: {
      head: { name: "BPD and HC", look: "Level of the thalami, cavum visible" },
      abdomen: { name: "AC", look: "Stomach and umbilical vein in one plane" },
      femur: { name: "FL", look: "Whole shaft, near horizontal" },
      heart: { name: "Four-chamber heart", look: "Four chambers, about a third of the chest" },
      spine: { name: "Spine", look: "Long and transverse" },
      placenta: { name: "Placenta and internal os", look: "Lower edge to the internal os" },
      fluid: { name: "Fluid, AFI or deepest pocket", look: "Without cord or limbs" },
      presentation: { name: "Presentation", look: "What lies above the pubis" },
    },
  },
  thyroid: {
    name: "Thyroid",
    views: {
      r_trans: { name: "Right lobe, transverse", look: "Width and depth" },
      r_long: { name: "Right lobe, longitudinal", look: "Length" },
      l_trans: { name: "Left lobe, transverse", look: "Width and depth" },
      l_long: { name: "Left lobe, longitudinal", look: "Length" },
      isthmus: { name: "Isthmus, transverse", look: "Thickness" },
      r_nodes: { name: "Right neck nodes", look: "Levels II to VI" },
      l_nodes: { name: "Left neck nodes", look: "Levels II to VI" },
    },
  },
  biliary: {
    name: "Biliary",
    views: {
      gb_long: { name: "Gallbladder, longitudinal", look: "Stones, thickness of the front wall" },
      gb_trans: { name: "Gallbladder, transverse", look: "Stones, fluid around it" },
      gb_left_side: { name: "Gallbladder, left lateral", look: "Stones that move with the patient" },
      bile_duct: { name: "Common bile duct", look: "Inner edge to inner edge" },
      liver_right: { name: "Right liver and kidney", look: "Echogenicity compared, free fluid" },
      liver_left: { name: "Left liver", look: "Echogenicity, masses" },
    },
  },
  renal: {
    name: "Renal",
    views: {
      r_long: { name: "Right kidney, longitudinal", look: "Length, hydronephrosis, stones" },
      r_trans: { name: "Right kidney, transverse", look: "At the hilum" },
      l_long: { name: "Left kidney, longitudinal", look: "Length, hydronephrosis, stones" },
      l_trans: { name: "Left kidney, transverse", look: "At the hilum" },
      bladder_long: { name: "Bladder, sagittal", look: "Wall, stones, residual urine" },
      bladder_trans: { name: "Bladder, transverse", look: "Ureteric jets, residual urine" },
    },
  },
};
