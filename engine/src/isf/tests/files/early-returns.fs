/*{ "ISFVSN": "2" }*/
float shape(vec2 p, int which) {
    if (which == 0) return length(p) - 0.3;
    else if (which == 1) return max(abs(p.x), abs(p.y)) - 0.3;
    else if (which == 2) return abs(p.x) + abs(p.y) - 0.3;
}
vec4 shade(float d) {
    if (d > 0.1) { return vec4(0.0); }
    for (int i = 0; i < 4; i++) { if (d > 0.02 * float(i)) return vec4(float(i) / 4.0); }
    return vec4(1.0);
}
int sign_of(float x) { if (x > 0.0) { return 1; } else { return -1; } }
void main() {
    vec2 p = isf_FragNormCoord - 0.5;
    float d = shape(p, int(mod(TIME, 4.0)));
    if (sign_of(d) > 0) { gl_FragColor = vec4(0, 0, 0, 1); return; }
    gl_FragColor = shade(d);
}
