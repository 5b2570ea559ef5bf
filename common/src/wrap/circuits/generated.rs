//! The circuits of the eight boxes, 431 gates. Written by `fixtures/src/bin/sbox_circuits`: change that and not this.

/// Of each box.
#[cfg(test)]
pub(super) const GATES: [usize; 8] = [58, 54, 52, 45, 57, 55, 55, 55];

circuit! { s1 (a b c d e f ones) -> (g32 g58 g20 g46):
    g1 = d xor a; g2 = f andn g1; g3 = ones xor g2; g4 = g3 xor c; g5 = a andn g4;
    g6 = g5 or g3; g7 = g4 xor g1; g8 = f and g7; g9 = g6 xor g8; g10 = b andn g9;
    g11 = g4 xor g10; g12 = g11 xor f; g13 = g8 andn g12; g14 = a and g13; g15 = g1 xor g14;
    g16 = g7 or a; g17 = b andn g16; g18 = g15 xor g17; g19 = e andn g18; g20 = g11 xor g19;
    g21 = g15 and g7; g22 = g21 or f; g23 = a andn g22; g24 = g21 xor g23; g25 = g21 or g4;
    g26 = b andn g25; g27 = g24 xor g26; g28 = g14 xor g9; g29 = d or g8; g30 = g28 xor g29;
    g31 = e and g30; g32 = g27 xor g31; g33 = g11 and a; g34 = b or g33; g35 = g9 xor g34;
    g36 = g35 andn g32; g37 = g36 xor g25; g38 = f or g37; g39 = g35 xor g38; g40 = g17 xor g6;
    g41 = g32 xor g4; g42 = g41 or f; g43 = d andn g42; g44 = g40 xor g43; g45 = e andn g44;
    g46 = g39 xor g45; g47 = g20 and c; g48 = g47 xor g1; g49 = g46 and g4; g50 = g49 andn g6;
    g51 = f andn g50; g52 = g48 xor g51; g53 = g34 and g6; g54 = g53 xor g17; g55 = d andn g10;
    g56 = g54 xor g55; g57 = e and g56; g58 = g52 xor g57;
}

circuit! { s2 (a b c d e f ones) -> (g16 g29 g54 g40):
    g1 = f andn a; g2 = g1 xor e; g3 = ones xor f; g4 = g2 andn a; g5 = g3 or g4;
    g6 = b or g5; g7 = g2 xor g6; g8 = f or b; g9 = a andn g8; g10 = g5 xor g9;
    g11 = c and g10; g12 = g7 xor g11; g13 = g1 andn e; g14 = g13 or b; g15 = d and g14;
    g16 = g12 xor g15; g17 = g9 xor d; g18 = g16 andn g3; g19 = g17 xor g18; g20 = g14 xor g10;
    g21 = c andn g20; g22 = g19 xor g21; g23 = g20 andn g18; g24 = g16 xor g9; g25 = g24 or c;
    g26 = f and g25; g27 = g23 xor g26; g28 = e and g27; g29 = g22 xor g28; g30 = e andn g16;
    g31 = g30 xor g22; g32 = g24 or g7; g33 = b andn g32; g34 = g31 xor g33; g35 = g16 xor b;
    g36 = g35 and g32; g37 = a and g36; g38 = g35 xor g37; g39 = f and g38; g40 = g34 xor g39;
    g41 = g28 or g3; g42 = g33 xor g4; g43 = g41 xor g42; g44 = g35 xor g17; g45 = g44 xor g41;
    g46 = d and g45; g47 = g43 xor g46; g48 = g44 xor b; g49 = g29 andn g35; g50 = g49 xor g43;
    g51 = a or g50; g52 = g48 xor g51; g53 = c or g52; g54 = g47 xor g53;
}

circuit! { s3 (a b c d e f ones) -> (g39 g26 g52 g16):
    g1 = f xor b; g2 = g1 xor c; g3 = g2 and b; g4 = g3 xor a; g5 = e andn g4;
    g6 = g2 xor g5; g7 = g3 andn f; g8 = d or g7; g9 = g6 xor g8; g10 = g3 xor c;
    g11 = g10 or e; g12 = g7 xor e; g13 = d andn g12; g14 = g11 xor g13; g15 = a andn g14;
    g16 = g9 xor g15; g17 = g14 xor g6; g18 = g17 xor g7; g19 = f and d; g20 = g19 xor a;
    g21 = e and g20; g22 = g18 xor g21; g23 = g9 andn g4; g24 = g20 andn g23; g25 = c or g24;
    g26 = g22 xor g25; g27 = g4 xor e; g28 = g20 or g1; g29 = g28 or g6; g30 = d andn g29;
    g31 = g27 xor g30; g32 = g25 xor g15; g33 = g32 andn g12; g34 = g32 and g6; g35 = g34 xor ones;
    g36 = e andn g35; g37 = g33 xor g36; g38 = b andn g37; g39 = g31 xor g38; g40 = g5 andn g39;
    g41 = g40 xor d; g42 = g21 andn g25; g43 = a or g42; g44 = g41 xor g43; g45 = g23 andn g17;
    g46 = g22 and g6; g47 = g12 andn a; g48 = g46 xor g47; g49 = d andn g48; g50 = g45 xor g49;
    g51 = b or g50; g52 = g44 xor g51;
}

circuit! { s4 (a b c d e f ones) -> (g21 g24 g40 g45):
    g1 = c xor a; g2 = c or a; g3 = g2 xor d; g4 = e and g3; g5 = g1 xor g4;
    g6 = g2 xor b; g7 = g6 or d; g8 = g5 xor e; g9 = a and g8; g10 = g7 xor g9;
    g11 = b and g10; g12 = g5 xor g11; g13 = g12 andn g8; g14 = g3 xor b; g15 = g13 xor g14;
    g16 = g8 and d; g17 = g16 andn g12; g18 = a and g17; g19 = g15 xor g18; g20 = f or g19;
    g21 = g12 xor g20; g22 = g19 and f; g23 = g12 xor ones; g24 = g22 xor g23; g25 = g8 xor g4;
    g26 = g12 andn d; g27 = g25 xor g26; g28 = g7 xor ones; g29 = g18 andn g1; g30 = g28 xor g29;
    g31 = b andn g30; g32 = g27 xor g31; g33 = g13 andn g24; g34 = g33 xor b; g35 = c xor b;
    g36 = g35 and g14; g37 = a and g36; g38 = g34 xor g37; g39 = f and g38; g40 = g32 xor g39;
    g41 = g13 andn g19; g42 = g41 xor g38; g43 = f or g42; g44 = g32 xor g43; g45 = g44 xor ones;
}

circuit! { s5 (a b c d e f ones) -> (g44 g17 g57 g32):
    g1 = e xor a; g2 = g1 xor f; g3 = e and a; g4 = c or g3; g5 = g2 xor g4;
    g6 = g5 xor b; g7 = g4 andn g2; g8 = f xor c; g9 = b or g8; g10 = g7 xor g9;
    g11 = g6 andn f; g12 = g10 xor b; g13 = g11 or g12; g14 = a or g13; g15 = g10 xor g14;
    g16 = d or g15; g17 = g6 xor g16; g18 = g17 andn b; g19 = e andn g18; g20 = g2 xor g19;
    g21 = g13 or f; g22 = g21 xor b; g23 = c or g22; g24 = g20 xor g23; g25 = e and c;
    g26 = g11 or e; g27 = g25 xor g26; g28 = g27 andn a; g29 = b or g28; g30 = g27 xor g29;
    g31 = d and g30; g32 = g24 xor g31; g33 = g8 andn g4; g34 = g33 xor g19; g35 = b or g24;
    g36 = g34 xor g35; g37 = g4 andn g12; g38 = g37 xor g17; g39 = b xor a; g40 = g39 and g9;
    g41 = e or g40; g42 = g38 xor g41; g43 = d andn g42; g44 = g36 xor g43; g45 = g32 andn g39;
    g46 = g44 xor g17; g47 = g45 xor g46; g48 = g47 xor b; g49 = g22 xor ones; g50 = g49 or g42;
    g51 = d or g50; g52 = g32 xor g51; g53 = g42 andn g39; g54 = f and g53; g55 = g52 xor g54;
    g56 = e andn g55; g57 = g48 xor g56;
}

circuit! { s6 (a b c d e f ones) -> (g17 g32 g55 g43):
    g1 = d xor a; g2 = g1 xor e; g3 = e andn g1; g4 = ones xor b; g5 = g3 xor g4;
    g6 = c or g5; g7 = g2 xor g6; g8 = g1 xor c; g9 = g8 andn g5; g10 = e or g9;
    g11 = g3 xor g10; g12 = g9 xor c; g13 = g12 and g7; g14 = a andn g13; g15 = g11 xor g14;
    g16 = f and g15; g17 = g7 xor g16; g18 = g13 andn g10; g19 = b andn g8; g20 = g18 xor g19;
    g21 = g8 or g2; g22 = g21 and g12; g23 = f or g22; g24 = g20 xor g23; g25 = g23 and g17;
    g26 = g13 xor e; g27 = g25 xor g26; g28 = g25 or g20; g29 = c andn g28; g30 = g27 xor g29;
    g31 = a or g30; g32 = g24 xor g31; g33 = g32 xor g27; g34 = a and g33; g35 = g20 xor g34;
    g36 = g8 or g7; g37 = g36 xor g34; g38 = g35 and g8; g39 = g38 xor g31; g40 = f and g39;
    g41 = g37 xor g40; g42 = d and g41; g43 = g35 xor g42; g44 = g27 xor g19; g45 = g35 and b;
    g46 = g45 xor g6; g47 = f or g46; g48 = g44 xor g47; g49 = g40 andn g21; g50 = g29 xor g28;
    g51 = g50 xor g46; g52 = d or g51; g53 = g49 xor g52; g54 = a and g53; g55 = g48 xor g54;
}

circuit! { s7 (a b c d e f ones) -> (g43 g55 g29 g14):
    g1 = d xor a; g2 = g1 xor e; g3 = e andn d; g4 = g3 xor b; g5 = c or g4;
    g6 = g2 xor g5; g7 = g3 xor f; g8 = g7 or g4; g9 = g6 xor c; g10 = g9 and g4;
    g11 = a and g10; g12 = g8 xor g11; g13 = f and g12; g14 = g6 xor g13; g15 = g1 andn g8;
    g16 = g15 xor b; g17 = g15 andn g4; g18 = g17 or a; g19 = c and g18; g20 = g16 xor g19;
    g21 = g11 or e; g22 = g18 or g6; g23 = g21 xor g22; g24 = g9 xor b; g25 = g19 andn g24;
    g26 = d andn g25; g27 = g23 xor g26; g28 = f or g27; g29 = g20 xor g28; g30 = g1 and b;
    g31 = g21 xor a; g32 = g30 xor g31; g33 = g24 and a; g34 = f or g33; g35 = g32 xor g34;
    g36 = d andn g32; g37 = g36 xor g12; g38 = g30 or g14; g39 = g35 andn g38; g40 = a andn g39;
    g41 = g37 xor g40; g42 = c and g41; g43 = g35 xor g42; g44 = g43 xor c; g45 = g44 xor g14;
    g46 = g20 xor ones; g47 = g46 xor g43; g48 = d andn g47; g49 = g45 xor g48; g50 = g8 and f;
    g51 = g50 xor g37; g52 = e andn g51; g53 = g2 xor g52; g54 = a and g53; g55 = g49 xor g54;
}

circuit! { s8 (a b c d e f ones) -> (g55 g16 g31 g43):
    g1 = f xor e; g2 = g1 and a; g3 = g2 xor e; g4 = d and g3; g5 = g1 xor g4;
    g6 = g2 andn e; g7 = c or g6; g8 = g5 xor g7; g9 = d xor a; g10 = g9 or g3;
    g11 = g10 and a; g12 = g11 xor ones; g13 = c andn g12; g14 = g10 xor g13; g15 = b andn g14;
    g16 = g8 xor g15; g17 = g12 xor b; g18 = g17 xor c; g19 = g15 andn g8; g20 = f and g19;
    g21 = ones xor g20; g22 = d or g21; g23 = g18 xor g22; g24 = g2 andn g9; g25 = g24 and g21;
    g26 = g23 andn g3; g27 = g26 xor b; g28 = c andn g27; g29 = g25 xor g28; g30 = e and g29;
    g31 = g23 xor g30; g32 = g23 xor g5; g33 = e andn g24; g34 = g32 xor g33; g35 = g8 andn g4;
    g36 = g31 andn g16; g37 = g35 xor g36; g38 = g32 andn d; g39 = g38 xor g31; g40 = f andn g39;
    g41 = g37 xor g40; g42 = b or g41; g43 = g34 xor g42; g44 = g19 andn g7; g45 = g44 xor g27;
    g46 = g33 xor c; g47 = g46 xor g26; g48 = f or g47; g49 = g45 xor g48; g50 = g1 andn g21;
    g51 = g44 or g1; g52 = b or g51; g53 = g50 xor g52; g54 = d andn g53; g55 = g49 xor g54;
}
