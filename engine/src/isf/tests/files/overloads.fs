/*{ "ISFVSN": "2" }*/
float wave(float x) { return sin(x); }
vec2 wave(vec2 x) { return vec2(wave(x.x), wave(x.y)); }
vec3 wave(vec3 x, float by) { return sin(x * by); }
float later(float x);
void main() {
    vec2 p = isf_FragNormCoord * 10.0;
    gl_FragColor = vec4(wave(vec3(p, TIME), 2.0), 1.0) + vec4(wave(p), wave(p.x), later(p.y));
}
float later(float x) { return wave(x) * 0.5; }
