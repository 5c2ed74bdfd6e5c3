/*{ "ISFVSN": "2" }*/
void main() {
    vec2 p = fract(gl_FragCoord.xy / 16.0);
    if (p.x < 0.5 ^^ p.y < 0.5) discard;
    gl_FragColor = vec4(1.0);
}
