/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "kind", "TYPE": "long", "VALUES": [1, 2, 4, 8], "LABELS": ["a", "b", "c", "d"] } ] }*/
vec3 pick(int k) {
    switch (k) {
        case 1: return vec3(1, 0, 0);
        case 2:
        case 4: { vec3 c = vec3(0, 1, 0); if (TIME > 1.0) c *= 0.5; return c; }
        default: break;
    }
    return vec3(0, 0, 1);
}
void main() {
    vec3 c = pick(kind);
    float v = 0.0;
    switch (int(gl_FragCoord.x) % 3) { case 0: v = 0.2; break; case 1: v = 0.6; break; case 2: v = 1.0; break; }
    for (int i = 0; i < 3; i++) { switch (i) { case 1: continue; default: v *= 0.9; } }
    gl_FragColor = vec4(c * v, 1);
}
