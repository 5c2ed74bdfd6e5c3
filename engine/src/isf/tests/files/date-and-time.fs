/*{ "ISFVSN": "2" }*/
float hand(vec2 p, float turn, float reach) {
    float a = turn * 6.2831853;
    vec2 d = vec2(sin(a), cos(a));
    return smoothstep(0.02, 0.01, length(p - d * clamp(dot(p, d), 0.0, reach)));
}
void main() {
    vec2 p = (gl_FragCoord.xy * 2.0 - RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
    float seconds = mod(DATE.w, 60.0), minutes = mod(DATE.w / 60.0, 60.0), hours = mod(DATE.w / 3600.0, 12.0);
    float v = max(hand(p, seconds / 60.0, 0.9), max(hand(p, minutes / 60.0, 0.8), hand(p, hours / 12.0, 0.5)));
    gl_FragColor = vec4(vec3(v), 1.0) + 0.01 * fract(DATE.x + DATE.y + DATE.z) + TIMEDELTA * float(FRAMEINDEX) * 0.0001;
}
