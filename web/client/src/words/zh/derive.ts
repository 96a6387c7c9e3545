/** What is made of kept measurements: volumes, the ejection fraction, a valve's area. */

import type { Derivation } from "../../api/types";
import type { PartKind } from "../../ultrasound/measuring/derived";

export const derive = {
  title: "组合测量",
  open: "组合测量",
  method: "计算",
  names: {
    biplane: "双平面 Simpson 容积",
    area_length: "面积长度法容积",
    ellipsoid: "椭球体积",
    ejection_fraction: "射血分数 EF",
    mitral_valve_area: "二尖瓣口面积（PHT）",
  } satisfies Record<Derivation, string> as Record<Derivation, string>,
  parts: {
    biplane: ["四腔心轮廓", "两腔心轮廓"],
    area_length: ["面积", "长轴"],
    ellipsoid: ["长径", "横径", "前后径"],
    ejection_fraction: ["舒张末容积", "收缩末容积"],
    mitral_valve_area: ["压力减半时间"],
  } satisfies Record<Derivation, readonly string[]> as Record<Derivation, readonly string[]>,
  steps: {
    biplane: ["先选四腔心切面的心腔轮廓", "再选同一时相两腔心切面的心腔轮廓", "核对数值后保存；再对另一时相做一次，就能算射血分数"],
    area_length: ["先选心腔面积", "再选同一幅图上的长轴", "核对数值后保存"],
    ellipsoid: ["先选长径", "再选横径", "最后选前后径；三条径线不能都在同一平面", "核对数值后保存"],
    ejection_fraction: ["先选舒张末（最大）容积", "再选收缩末（最小）容积，两者须用同一方法", "核对数值后保存"],
    mitral_valve_area: ["选二尖瓣血流的压力减半时间；仅用于自体二尖瓣", "核对数值后保存"],
  } satisfies Record<Derivation, readonly string[]> as Record<Derivation, readonly string[]>,
  none: {
    length: "还没有存图的长度：在原始帧上量距离，再按 W 存图",
    area: "还没有存图的面积：在原始帧上描轮廓，再按 W 存图",
    contour: "还没有存图的心腔轮廓：在原始帧上用“心腔面积”描心内膜，再按 W 存图",
    half_time: "还没有存图的压力减半时间：在频谱上测量，再按 W 存图",
    volume: "还没有保存的容积：先用双平面法或面积长度法算出并保存",
  } satisfies Record<PartKind, string> as Record<PartKind, string>,
  only: "只用本次会诊、本居民已存图的测量",
  choose: "请选择",
  label: "名称（可不填）",
  scalesDiffer: "；各部分标定不同",
  keep: "保存",
  keeping: "正在核算并保存…",
  failed: (sentence: string) => `没有保存：${sentence}`,
  notMeasured: (why: string) => `服务器不予计算：${why}`,
  madeOf: (parts: string) => `由 ${parts} 得出`,
  parted: "由以下得出",
  count: (n: number) => `组合测量 ${n} 项`,
  keptBy: (name: string) => `${name} 保存`,
  goTo: (number: string) => `到 ${number}`,
  rests: "由此得出",
  void: "作废",
  voidWhy: "所用图像后来查明属于不同居民，数值不再显示",
  cite: "写入意见",
  written: (name: string, value: string, parts: string, number: string) => `${name} ${value}，由 ${parts} 得出 [${number}]`,
  cited: (text: string) => `超声组合测量：${text}`,
  key: "打开或收起组合测量（容积、射血分数）",
};
