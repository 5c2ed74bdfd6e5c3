/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "rounds", "TYPE": "float", "MIN": 1, "MAX": 32, "DEFAULT": 12 } ] }*/
void main() {
    vec2 z = vec2(0), c = isf_FragNormCoord * 3.0 - vec2(2, 1.5);
    float n = 0.0;
    for (float i = 0.0; i < 64.0; i++) {
        if (i > rounds) break;
        z = vec2(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;
        if (dot(z, z) > 4.0) continue;
        n += 1.0;
    }
    int k = 0;
    do { k++; } while (k < 4);
    while (true) { if (++k > 8) break; }
    for (int i = 0, j = 8; i < j; i++, j--) n += 0.01;
    for (;;) { n *= 0.5; if (n < 1.0) break; }
    gl_FragColor = vec4(vec3(n), 1.0) * float(k) / 9.0;
}
