#!/bin/sh
# Writes thresholds.yaml from a table of thresholds (fiscal_year, gni_year, low_max, lower_middle_max,
# upper_middle_max). The YAML is what the rules read; this only saves typing when a fiscal year is added:
#     ./make-thresholds.sh thresholds.csv > thresholds.yaml
set -eu
cat <<'HEAD'
# Thresholds of 38 fiscal years, US dollars of GNI per capita, in force from the 1 July that opens the fiscal year:
# FY89 opened on 1 July 1988 and classified by the GNI of 1987.
# Source: World Bank, OGHIST workbook, as tabulated in GPID-WB/Class at 81d5fcb (CC BY 4.0). Written by
# make-thresholds.sh; add a line a year.

parameters:
HEAD
write() {    # name, title in English, title in Chinese, column
    printf '  %s:\n    unit: US dollar\n    title: {en: %s, zh: %s}\n    values:\n' "$1" "$2" "$3"
    awk -F, -v column="$4" 'NR > 1 { printf "      %d-07-01: %-6s # %s\n", $2 + 1, $column, $1 }' "$csv"
}
csv=$1
write "low income up to" "Highest GNI per capita of a low-income economy" 低收入上限 3
write "lower middle income up to" "Highest GNI per capita of a lower-middle-income economy" 中等偏下收入上限 4
write "upper middle income up to" "Highest GNI per capita of an upper-middle-income economy" 中等偏上收入上限 5
