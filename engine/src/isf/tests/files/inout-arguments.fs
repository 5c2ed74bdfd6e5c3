/*{ "ISFVSN": "2" }*/
void swap(inout float a, inout float b) { float t = a; a = b; b = t; }
void split(in vec2 p, out vec2 cell, out vec2 inside) { cell = floor(p); inside = fract(p); }
bool shrink(inout vec3 v[2], int which) { v[which] *= 0.5; return v[which].x > 0.1; }
void main() {
    vec2 cell, inside;
    split(isf_FragNormCoord * 8.0, cell, inside);
    swap(inside.x, inside.y);
    vec3 pair[2];
    pair[0] = vec3(inside, 0.0);
    pair[1] = vec3(cell / 8.0, 1.0);
    while (shrink(pair, 0)) { }
    gl_FragColor.rgb = pair[0] + pair[1];
    gl_FragColor.a = 1.0;
}
