/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "octaves", "TYPE": "float", "MIN": 1, "MAX": 8, "DEFAULT": 4 } ] }*/
vec2 lattice(vec2 p) { p = vec2(dot(p, vec2(127.1, 311.7)), dot(p, vec2(269.5, 183.3))); return -1. + 2. * fract(sin(p) * 43758.5453); }
float gradient(in vec2 p) {
    const float K1 = (sqrt(3.) - 1.) / 2., K2 = (3. - sqrt(3.)) / 6.;
    vec2 i = floor(p + (p.x + p.y) * K1), a = p - i + (i.x + i.y) * K2;
    float m = step(a.y, a.x);
    vec2 o = vec2(m, 1. - m), b = a - o + K2, c = a - 1. + 2. * K2;
    vec3 h = max(.5 - vec3(dot(a, a), dot(b, b), dot(c, c)), 0.), n = h * h * h * h * vec3(dot(a, lattice(i)), dot(b, lattice(i + o)), dot(c, lattice(i + 1.)));
    return dot(n, vec3(70));
}
void main() {
    vec2 p = isf_FragNormCoord * 4.;
    float sum = 0., size = .5;
    for (int i = 0; i < 8; i++) { if (float(i) >= octaves) break; sum += size * gradient(p); p = mat2(1.6, 1.2, -1.2, 1.6) * p; size *= .5; }
    gl_FragColor = vec4(vec3(.5 + .5 * sum), 1);
}
