/*{ "DESCRIPTION": "The same, by the pixel's own place.", "ISFVSN": "2" }*/
void main() {
    bool up = gl_FragCoord.y > RENDERSIZE.y * 0.5;
    gl_FragColor = vec4(float(up), 0, float(!up), 1);
}
