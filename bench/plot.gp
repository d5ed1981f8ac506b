# SPDX-License-Identifier: GPL-2.0
#
# What resolving a fault costs, for scripts/bench-plot:
#   gnuplot -c plot.gp svg|png FILE BARS LABELS
# BARS has a block for each panel, with lines of: title, x, number of the
# backing, y, y as text. LABELS has the clusters: x, missing or minor, text.

type = ARG1
bars = ARG3
labels = ARG4

stats bars using 4 nooutput
panels = int(STATS_blocks)
top = STATS_max
stats labels using 1 nooutput
clusters = int(STATS_max)
# Clusters of missing pages; those of minor faults come after them.
stats labels using (strcol(2) eq "missing" ? 1 : 0) nooutput
missing = int(STATS_sum)

# Sizes in pixels.
width = 1280
head = 92
foot = 44
panel = 330.0
axis = 44
height = head + foot + panels * panel
left = 72
right = 60

if (type eq "svg") {
	set terminal svg size width,height dynamic noenhanced name "userfaults" font "sans-serif,13" background "#ffffff"
} else {
	set terminal pngcairo size width,height noenhanced font "sans-serif,10" background "#ffffff"
}
set output ARG2

# Blue are small pages and orange are huge ones, also for those who take red
# for green; light and dark tell the rest.
array colour[4] = [0x0072b2, 0x8cc8ee, 0xd55e00, 0xf5b942]
array name[4] = ["anonymous, 4K pages", "shared memory, 4K pages", "transparent huge pages, 2M", "hugetlb, 2M pages"]

big = type eq "svg" ? ",19" : ",14"
medium = type eq "svg" ? ",15" : ",11"
label = type eq "svg" ? ",12.5" : ",9.5"
small = type eq "svg" ? ",11" : ",8"

set style fill solid 1.0 noborder
set boxwidth 0.19
set xrange [0.45 : clusters + 0.55]
set yrange [0 : (top > 1.2 ? top : 1.2) * 1.1]
set border 3 linecolor rgb "#606060"
set xtics scale 0 nomirror font label textcolor rgb "#000000"
set ytics nomirror textcolor rgb "#000000"
set grid ytics linetype 1 linewidth 0.5 linecolor rgb "#d8d8d8"
set lmargin at screen left / (width * 1.0)
set rmargin at screen 1 - right / (width * 1.0)

y(pixels) = 1 - pixels / (height * 1.0)

set multiplot
do for [p = 0 : panels - 1] {
	stats bars index p using 4 nooutput
	title = ""
	stats bars index p using (title = strcol(1), $4) nooutput
	set tmargin at screen y(head + p * panel + 36)
	set bmargin at screen y(head + (p + 1) * panel - axis - 8)
	unset label
	unset arrow
	unset key
	set label 1 "Linux " . title . ", with the series" at graph 0, graph 1 offset 0, 0.8 font medium
	set ylabel "native fault = 1" offset 1, 0
	if (missing > 0) {
		set label 2 "missing page" at (1 + missing) / 2.0, graph 1 center offset 0, 0.8 textcolor rgb "#606060"
	}
	if (missing < clusters) {
		set label 3 "minor fault" at (missing + 1 + clusters) / 2.0, graph 1 center offset 0, 0.8 textcolor rgb "#606060"
	}
	if (missing > 0 && missing < clusters) {
		set arrow 1 from missing + 0.5, graph 0 to missing + 0.5, graph 1 nohead linewidth 1 linecolor rgb "#a0a0a0"
	}
	set label 4 "native\nfault" at graph 1.006, first 1 offset 0, 0.3 left
	if (p == 0) {
		set label 5 "What it costs when the program resolves a page fault" at screen left / (width * 1.0), y(28) font big
		set label 6 "instructions per fault, ratio to a native fault of the same kind of page" at screen left / (width * 1.0), y(52)
		set key at screen (left - 8) / (width * 1.0), y(66) left top horizontal Left reverse samplen 1.2 maxrows 1
	}
	if (p == panels - 1) {
		set label 7 "Native fault: for a missing page, the first write, where the kernel allocates the page; for a minor fault, the first write to a page in the page cache." \
			at screen left / (width * 1.0), y(height - 18) textcolor rgb "#404040"
	}
	plot labels using 1:(NaN):xtic(3) notitle, \
		for [b = 1 : 4] bars index p using ($3 == b ? $2 : NaN):4 with boxes linecolor rgb colour[b] title name[b], \
		bars index p using 2:4:5 with labels offset 0, 0.55 font small notitle, \
		1 with lines linewidth 1.5 dashtype 2 linecolor rgb "#000000" notitle
}
unset multiplot
unset output
