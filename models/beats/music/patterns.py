"""Drum patterns, style by style, in the notation of `grid.py`. Heads: world style name tempo_bpm [swing of 8ths, of 16ths].

They are the commonplaces of their styles as any drum method has them, written down anew. Beats per bar come from the group:
6/8 has two dotted quarters, 7/8 seven eighths. Trap is counted where its snare is the backbeat (65 to 90 BPM).
"""

from .grid import Groove, parse

TEXT = """
open house plain 60-200
k X...X...X...X...
c ....X.......X...
h ..x...x...x...x.

open house sixteenths 70-160
k X...X...X...X...
s ....x.......x...
h xoxoxoxoxoxoxoxo
H ..x...x...x...x.

open house driving 100-200
k X...X...X...X..x|X...X...X...X...
c ....X.......X...
h x.x.x.x.x.x.x.x.
m oxoxoxoxoxoxoxox

open house bare 60-200
k X...X...X...X...
h ....x.......x...

open house disco 100-140
k X...X...X...X...
s ....X.......X..o
h x.o.x.o.x.o.x.o.
H ..x...x...x...x.
w x.......x..x....

keep house shuffled 70-150 0.5 0.58
k X...X...X...X...|X...X...X...X.x.
c ....X.......X...
h o.xoo.xoo.xoo.xo
g ....x.......x...

keep house minimal 60-200
k X...X...X...X...
r ...x......x.....
h ..x...x...x...x.

keep house tribal 100-200
k X...X...X...X...
b ..x..x....x..x.x
B x..x....x..x....
m xoxoxoxoxoxoxoxo
c ....x.......x...

open rock eighths 80-190
k X.......X.......
s ....X.......X...
h x.x.x.x.x.x.x.x.

open rock push 75-170
k X.....x.X.x.....|X.....xxX.......
s ....X.......X...
h X.x.X.x.X.x.X.x.

open rock quarters 110-200
k X..x....X..x..x.
s ....X.......X..o
H x...x...x...x...

open rock half 120-170
k X.........x.....
s ........X.......
d x.x.x.x.x.x.x.x.

open rock ballad 60-85
k X......xX.......
s ....X.......X...
h xoxoxoxoxoxoxoxo

keep rock stomp 80-180
k X...x.x...x.....|X...x.x...x...x.
s ....X.......X...
d X.x.X.x.X.x.X.x.

keep rock late 80-170
k X.x....x..x.....
s ....X..o....X..o
h x.x.x.x.x.x.x.x.

keep rock sixteens 66-115
k X..x..x...x.....
s ....X.......X...
h xxxxxxxxxxxxxxxx

open offbeat loud 110-150
k x...x...x...x...
H ..X...X...X...X.

open offbeat eurodance 120-155
k x...x...x...x...
c ....x.......x...
H ..X...X...X...X.
h ..X...X...X...X.

open offbeat bright 100-140
k o...o...o...o...
h o.X.o.X.o.X.o.X.
g ..X...X...X...X.

keep offbeat trance 125-150
k x...x...x...x...
s ....o.......x...
H ..X...X...X...X.
m ..X...X...X...X.

keep offbeat polka 95-130
k x...x...x...x...
s ..X...X...X...X.

keep offbeat ska 110-170
k x.......x.......
r ....x.......x...
h ..X...X...X...X.
H ......X.......X.

open funk one 85-118
k X..x..x...x..x..|X..x..x....x.x..
s ....X..o.o..X..o
h x.x.x.x.x.x.x.x.

open funk sixteen 85-112
k X.x.......xx....
s ....X..o.o.oX..o
h xxxxxxxxxxxxxxxx

open funk linear 90-116
k X..x...x..x...x.
s ....X.o..o..X.o.
h .xx..x..x..x.x.x
H ..............x.

open funk rim 80-108 0.5 0.56
k X.....xx..x.....
s ....X.o......Xo.
h x.xxx.x.x.xxx.x.

keep funk late 85-115
k X.x...x..x....x.|X.x...x..x.x....
s ....X..o.o..X.o.
h x.xox.xox.xox.xo

keep funk displaced 88-112
k X......x..x.x...
s ....X..o..X..o.o
h x.x.x.x.x.x.x.x.
H ......x.........

keep funk gospel 84-106 0.5 0.57
k X..x.x....xx.x..
s ...oX..o.o..X.oo
d x.x.x.x.x.x.x.x.

open trap plain 62-88
k X......x..x.....
s ....X.......X...
h x.x.x.x.x.x.x.x.

open trap rolls 64-86
k X..x......x..x..
c ....X.......X...
h x.x.x.x.x.xxx.x.x.x.x.x.xxxxx.x.

open trap boom 78-98 0.5 0.58
k X.......x.x.....|X.....x...x.....
s ....X.......X...
h x.x.x.x.x.x.x.x.

open trap lofi 68-92 0.5 0.6
k X..x....x.x.....
r ....X.......X..o
h x.x.x.xox.x.x.x.

keep trap drill 66-76
k X.....x....x....|X.....x..x......
s ......X.......X.
h x..x..x.x..x..x.

keep trap triplet 62-84
k X.....x....x....
c ....X.......X...
h x.xx.xx.xx.xx.xxxxxx.xxx

keep trap dusty 80-100 0.5 0.62
k X.x....x..x.....
s ....X.......X...
h x.x.x.x.x.x.x.x.
H ..............x.

open breaks two 160-180
k X.........x.....
s ....X.......X...
h x.x.x.x.x.x.x.x.

open breaks classic 125-178
k X.x.......xx....|X.x.......x.....
s ....X..o.o..X..o
d x.x.x.x.x.x.x.x.

open breaks big 105-140
k X..x....x.x.....|X..x..x...x...x.
s ....X.......X.o.
h x.x.x.x.x.x.x.x.
H ......x.........

keep breaks roller 162-180
k X.....x...x.....
s ....X..o.o..X..o
h xoxoxoxoxoxoxoxo

keep breaks chopped 120-176
k X.x.......xx..x.|X.......x.......
s ....X..o.o..X...|....X.o..o...oX.
h x.x.x.x.x.x.x.x.

keep breaks step 126-138
k X......x..x.....
s ....X.......X...
h ..xo..xo..xo..xo
m x.x.x.x.x.x.x.x.

open swing ride 110-230
k o..o..o..o..
d X..x.xX..x.x
h ...x.....x..

open swing shuffle 85-150
k X.....X..x..
s ...X.....X..
h X.xX.xX.xX.x

open swing blues 60-110
k X....xX.....
s ...X.....X.o
d X.xX.xX.xX.x

open swing brushes 90-160
k o.....o.....
s ..oX.o..oX.o
d X..x.xX..x.x

keep swing bop 130-240
k x....o..o...
s .....o..o...
d X..x.xX..x.x
h ...x.....x..

keep swing jump 95-160
k X..x..X..x..
s ...X.o...X.o
h X.xX.xX.xX.x

keep swing texas 80-130
k X..X..X..X..
s ...X.....X..
d X.oX.oX.oX.o

open waltz plain 90-190
k X...........
s ....o...o...
h x...x...x...

open waltz rock 80-150
k X.....x.....
s ....X...X...
h x.x.x.x.x.x.

open waltz jazz 100-200
k X........
h ...x.....
d X..x.xx.x
s .....o...

open waltz country 85-150
k X...........
r ....x...x...
m x.x.x.x.x.x.

keep waltz backbeat 80-150
k X.......x...
s ....X.......
d x.x.x.x.x.x.

keep waltz soft 80-180
k X...........|X.......o...
h ....x...x...
g ........x...

keep waltz swung 100-190
k X.......o
s ...o..o.o
d X..x..x.x

open six ballad 40-75
k X...........
s ......X.....
h X.o.o.X.o.o.

open six rolling 50-90
k X...x.......
s ......X....o
d X.x.x.X.x.x.

open six march 55-115
k X.....x.....
s ..o.o.X.o.o.
h x.....x.....

keep six slow 40-80
k X.........x.
s ......X.....
h X.x.o.X.x.o.
g ......x.....

keep six afro 55-110
w X.x.x.xx.x.x
k X.....X.....
s ....o.....x.

keep six shanty 50-110
k X.....X.....
s ....x.....x.
m X.o.x.X.o.x.

open five three_two 80-180
k X.....x.....X.......
s ....X...........X...
h x.x.x.x.x.x.x.x.x.x.

open five jazz 110-190
k X.......o......
d X..x.xX..x.xX..
h ...x.....x..x..
s .....o.........

open five rock 85-160
k X.......X...x.......
s ....X.......X...X...
h x...x...x...x...x...

keep five two_three 85-170
k X.......X.x.........
s ....X...........X...
d x.x.x.x.x.x.x.x.x.x.

keep five pulse 80-170
k X...x.......X...x...
r ........X...........
h x.x.x.x.x.x.x.x.x.x.

open seven two_two_three 150-235
k X.......X.....
s ....X.......o.
h x.x.x.x.x.x.x.

open seven three_two_two 150-235
k X.....X.......
s ....o.....X...
h x.x.x.x.x.x.x.

open seven balkan 170-235
k X...X...X.....
s ..x...x...x.x.
g X...X...X.....

keep seven two_three_two 150-235
k X.........x...
s ....X.........
d x.x.x.x.x.x.x.

keep seven driving 155-235
k X...X...X...o.
s ..o...X.....X.
h X.x.X.x.X.x.x.

open latin one_drop 66-92
k ....X.......X...
r ....x.......x...
h x.x.x.x.x.x.x.x.

open latin bossa 105-150
k X..xX..xX..xX..x
r x..x..x...x..x..
h x.x.x.x.x.x.x.x.

open latin reggaeton 86-104
k X...X...X...X...
s ...x..x....x..x.
h x.x.x.x.x.x.x.x.

open latin son 85-115
k X.....x.X.....x.
w X.x.X.x.X.x.X.x.
b ......xx......xx
B x..x....x..x....
r x..x..x...x.x...

keep latin steppers 66-95
k X...X...X...X...
r ....x.......x...
h xoxoxoxoxoxoxoxo

keep latin samba 92-130
k x..oX..ox..oX..o
m XoxxXoxxXoxxXoxx
s x.ox.ox.xo.xo.xo
g x.x.xx.x.x.xx.x.

keep latin cumbia 84-108
k X.......X.......
m x.xxx.xxx.xxx.xx
b ......x.......xx
w X...X...X...X...

keep latin rhumba 90-120
k X.......X...x...
r x..x...x..x.x...
B ..xx..x...xx..x.
m x.x.x.x.x.x.x.x.

open sparse kick 60-100
k X...............
r ........x.......

open sparse brush 60-95
k X.........o.....
m ....x.......x...

open sparse bell 66-110
k X.......x.......
d ....x.......x...

keep sparse heart 60-100
k X.............x.|X...............
h ....x.......x...

keep sparse snap 60-105
k X.......o.......
c ............x...
"""

ROWS = parse(TEXT)


def of(style: str) -> list[tuple[str, Groove]]:
    """Rows (world, groove) of a style."""
    return [row for row in ROWS if row[1].style == style]
