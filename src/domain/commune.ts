/** A commune, ward or special zone of today, and the units it was made from on 1 July 2025. */
export type Commune = {
  /** Official code, e.g. "30742". */
  code: string;
  /** "Phường Rạch Giá" */
  name: string;
  kind: "xã" | "phường" | "đặc khu";
  formerProvince: string;
  madeFrom: FormerCommune[];
  /** Counts as an island for support that depends on the place: special zones do by law; for "unconfirmed" no list says so. */
  island: "yes" | "unconfirmed" | "no";
  address: string | null;
  phone: string | null;
};

export type FormerCommune = {
  /** "Phường Vĩnh Thanh" */
  name: string;
  /** "thành phố Rạch Giá" */
  district: string;
  /** Only a part of it went here. */
  divided: boolean;
};
