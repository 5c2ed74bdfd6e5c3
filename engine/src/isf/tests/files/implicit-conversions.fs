/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "count", "TYPE": "long", "MIN": 1, "MAX": 9, "DEFAULT": 3 } ] }*/
float half_of(float x) { return x / 2; }
void main() {
    float a = 1, b = count;
    vec3 v = vec3(1, 2, 3) * 2;
    a += 1;
    b = a > 1 ? b : 0;
    float c = max(a, 2) + min(3, b) + clamp(a, 0, 1) + mod(b, 2) + pow(2, a) + mix(0, 1, 0.5);
    int n = int(c) % 3;
    v *= n + 1;
    vec2 w = isf_FragNormCoord * count - 1;
    gl_FragColor = vec4(fract(v.xy * half_of(count) + w), smoothstep(0, 1, a), 1);
}
