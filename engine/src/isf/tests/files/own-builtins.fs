/*{ "ISFVSN": "2" }*/
float round(float x) { return floor(x + 0.5); }
float distance(vec2 a, vec2 b) { vec2 d = abs(a - b); return max(d.x, d.y); }
vec3 mix(vec3 a, vec3 b, int n) { return n > 0 ? b : a; }
vec4 texture(vec2 p) { return vec4(p, 0.0, 1.0); }
float noise(vec2 p) { return fract(sin(dot(p, vec2(3.1, 7.7))) * 9999.0); }
void main() {
    float d = distance(isf_FragNormCoord, vec2(0.5)) + distance(vec3(isf_FragNormCoord, 0.0), vec3(0.5));
    vec3 c = mix(vec3(0.0), vec3(1.0), 1) * mix(0.2, 0.8, d);
    c = mix(c, vec3(noise(gl_FragCoord.xy)), 0.1);
    gl_FragColor = vec4(c * round(d * 4.0) / 4.0, 1.0) * texture(isf_FragNormCoord);
}
